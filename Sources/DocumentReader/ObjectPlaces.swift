/// Where a file's objects begin, told by their keywords.
struct ObjectPlaces {
  let file: [UInt8]
  /// Where each keyword stands with what is before it, a blank or a digit, in the order of the file.
  let places: [Int]
  /// Where the last object of each number begins.
  private var starts: [Int: Int] = [:]

  init(_ file: [UInt8]) {
    self.file = file
    places = ImageSearch.places(of: "obj", in: file).compactMap { place in
      guard place > 0, file[place - 1] <= 0x20 || (0x30...0x39).contains(file[place - 1]) else {
        return nil
      }
      return place - 1
    }
    for place in places { starts[identity(before: place).number] = place + " obj".utf8.count }
  }

  /// Where the last object of a number begins, behind its keyword.
  func start(of number: Int) -> Int? { starts[number] }

  /// The object in which `place` lies.
  func last(before place: Int) -> (number: Int, generation: Int)? {
    places.last { $0 < place }.map { identity(before: $0) }
  }

  /// The number and generation of the object whose keyword stands at `place`.
  func identity(before place: Int) -> (number: Int, generation: Int) {
    var end = place + 1
    while end > 0, file[end - 1] <= 0x20 { end -= 1 }
    let generation = number(before: &end)
    while end > 0, file[end - 1] <= 0x20 { end -= 1 }
    return (number(before: &end), generation)
  }

  /// The number that ends at `end`, which moves to where it begins.
  private func number(before end: inout Int) -> Int {
    let last = end
    while end > 0, last - end < 9, (0x30...0x39).contains(file[end - 1]) { end -= 1 }
    return file[end..<last].reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
