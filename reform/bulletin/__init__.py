"""月度材料: what a month came to, frozen, put into words, issued as a document, and kept."""
