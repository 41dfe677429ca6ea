"""What the product says, in Indonesian and English: catalogues of texts, and times as people read them."""
