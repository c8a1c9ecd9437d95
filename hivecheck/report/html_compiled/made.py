"""What the compiled templates were made from, and by which version of the engine: do not edit."""

ENGINE = "3.1.6"
SOURCES = {
    "diff.html": "011dd64bc95b0d47771d6a53b9f68c7cbce775bbb2d12be677d70da48601eb58",
    "frame.html": "9676d241ee94b071aba691b0db93f8b6af71a01420c928aa07aaf213ea0c308e",
    "history.html": "262865a2fa37aace02f207b816027ae450e96ab58044fbf35523b321626db53d",
    "index.html": "e38c405d23ceb3ec277d111ec5dacccedfec5403fa03c1171b4aa45422d0e6a4",
    "parts.html": "d569ff31672ab210d234a112642126d3247e008e2827946369393ad6eb9359c8",
    "pictures.html": "8378a0d63b7162f000efd9a21c4000705899fa7e7901c271965c0ce6d432e2f9",
    "report.html": "bd23934b52f0fbbed4e865452d3968c98c99b94f2438e90d8abdfcc222d6119a",
}
