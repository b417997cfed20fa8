"""Checks: is a derivative right, and if not, what is the mistake? What kind of point is it?"""
