"""What the compiled templates were made from, and by which version of the engine: do not edit."""

ENGINE = "3.1.6"
SOURCES = {
    "diff.html": "35d9381e47c4e28b84a7bb2664bd38a941e0040abdd41318b10f5ca99428dcc9",
    "history.html": "b62ea360daea48c09acc89e8b241bdbfc6378c1fdfd6f9c27664afa62fdef996",
    "index.html": "9b308d4ca94e0aab976cfe439d3c2576cfebc0787fbdb3acc82a19a34a3406c1",
    "parts.html": "4d064dc83da7d251d3240690f272a9f8b6931ff4d7822de426ea48f06dd58f57",
    "pictures.html": "8378a0d63b7162f000efd9a21c4000705899fa7e7901c271965c0ce6d432e2f9",
    "report.html": "bd23934b52f0fbbed4e865452d3968c98c99b94f2438e90d8abdfcc222d6119a",
}
