"""案卷评查: the register of case files, rounds drawn fairly and scored blind, and what follows from them."""
