"""hivecheck: what will this Windows machine do the next time it boots, and did somebody arrange that?"""

__version__ = "0.1.0"
