"""What does a saved page say? This package reads pages into notices, classifies them and stores them."""
