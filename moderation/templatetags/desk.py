"""What the pages of the desk say in many places."""

from django import template

from moderation import times

register = template.Library()
register.simple_tag(times.ago)
register.simple_tag(times.due)
