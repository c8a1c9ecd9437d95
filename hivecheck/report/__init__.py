"""Floor 6: an analysis as a document, a terminal page, an HTML page. Renders; never judges."""
