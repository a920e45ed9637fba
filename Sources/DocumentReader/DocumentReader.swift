// DocumentReader
