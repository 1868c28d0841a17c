"""Nested stacks: each is a stack of its own, made, changed, taken back and deleted with the one around it.

ministack deploys what is in them itself, side by side with its engine: without outputs that are exported, without rolling back, without
change sets. Here a nested stack goes through CloudFormation's own operations, as AWS describes them:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html
"""
