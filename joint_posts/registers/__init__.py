"""The registers of joint posts and savings, declared."""

from joint_posts.registers.posts import JointPostRegister
from joint_posts.registers.savings import SavingLineRegister, SavingRegister
from joint_posts.registers.targets import SavingsTargetRegister
from partnership.generic.register import Register

JOINT_POSTS = JointPostRegister()
SAVINGS = SavingRegister()
TARGETS = SavingsTargetRegister()

REGISTERS: tuple[Register, ...] = (JOINT_POSTS, SAVINGS, TARGETS)

__all__ = ["JOINT_POSTS", "REGISTERS", "SAVINGS", "SavingLineRegister"]
