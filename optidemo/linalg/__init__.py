"""Linear algebra with a certificate: least squares and eigenvectors to the last digit."""
