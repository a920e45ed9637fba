// LinearSVM
