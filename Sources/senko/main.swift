print("senko")
