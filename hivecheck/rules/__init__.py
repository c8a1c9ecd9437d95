"""What is worth a human's attention: rules over one hive and the boot played from it. Source: detections.md."""

RULES_VERSION = "1.0.0"
