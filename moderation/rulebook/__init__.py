"""House rules: people write them, two let them hold, workers pick them up, breakers narrow them, and a person takes back what they did."""
