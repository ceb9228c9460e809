"""Addresses of joint posts and savings."""

from joint_posts.registers import REGISTERS

urlpatterns = [url for register in REGISTERS for url in register.urls]
