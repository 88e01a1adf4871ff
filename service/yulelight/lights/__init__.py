"""The lights of the house: show, people and limits merged into packets."""
