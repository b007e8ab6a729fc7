"""How well judging works: what chance chooses for a second look, figures by day, and breaks for those who judge."""
