"""The registers of joint posts and savings, declared."""

from joint_posts.posts.registers import JointPostRegister
from joint_posts.savings.registers import SavingLineRegister, SavingRegister, SavingsTargetRegister
from partnership.generic.register import Register

JOINT_POSTS = JointPostRegister()
SAVINGS = SavingRegister()
TARGETS = SavingsTargetRegister()

REGISTERS: tuple[Register, ...] = (JOINT_POSTS, SAVINGS, TARGETS)

__all__ = ["JOINT_POSTS", "REGISTERS", "SAVINGS", "SavingLineRegister"]
