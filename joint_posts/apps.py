from django.apps import AppConfig


class JointPostsConfig(AppConfig):
    name = "joint_posts"
