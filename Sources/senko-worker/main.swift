print("senko-worker")
