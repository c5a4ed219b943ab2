"""What Touchline itself keeps."""
