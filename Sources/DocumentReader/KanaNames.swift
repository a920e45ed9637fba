/// Names in kana that are sought together, each of three characters or more: Aho and Corasick's automaton (1975) over
/// hiragana and katakana as one.
///
/// A document may have a label in each of its lines. To try every name at every place took time by their product.
struct KanaNames {
  private struct Node {
    /// The first of the nodes that a character leads on to, and the next one of those that its own parent leads on to.
    var child: Int32 = 0
    var sibling: Int32 = 0
    /// Where the longest other beginning stands with which what leads here ends.
    var suffix: Int32 = 0
    /// How many characters the longest name has that ends here.
    var longest: Int32 = 0
    var character: UInt8
  }

  /// The first one is the root.
  private var nodes = [Node(character: 0)]

  /// - Parameter places: where the names stand in `text`, in nothing but kana.
  /// - Complexity: O(length of the names).
  init(_ places: [Range<Int>], in text: [UInt8]) {
    for place in places {
      var node: Int32 = 0
      for start in stride(from: place.lowerBound, to: place.upperBound, by: 3) {
        node = addChild(of: node, Self.kana(in: text, at: start) ?? 0)
      }
      nodes[Int(node)].longest = Int32(place.count / 3)
    }
    linkSuffixes()
  }

  /// Where the names stand in a text: at each end of some, the longest of them.
  ///
  /// - Complexity: O(length of the text).
  func places(in text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var (place, node) = (0, Int32(0))
    while place < text.count {
      guard let character = Self.kana(in: text, at: place) else {
        (place, node) = (place + 1, 0)
        continue
      }
      node = next(node, character)
      place += 3
      let longest = Int(nodes[Int(node)].longest)
      if longest > 0 { found.append(place - 3 * longest..<place) }
    }
    return found
  }

  /// Which kana begins at a place, the same for both kinds.
  private static func kana(in text: [UInt8], at place: Int) -> UInt8? {
    guard text[place] == 0xE3, place + 2 < text.count, (0x81...0x83).contains(text[place + 1])
    else {
      return nil
    }
    let code = (text[place + 1] - 0x81) << 6 | text[place + 2] & 0x3F
    // ァ to ヶ stand 0x60 behind ぁ to ゖ.
    return (0x61...0xB6).contains(code) ? code - 0x60 : code
  }

  private func child(of node: Int32, _ character: UInt8) -> Int32? {
    var child = nodes[Int(node)].child
    while child != 0, nodes[Int(child)].character != character { child = nodes[Int(child)].sibling }
    return child == 0 ? nil : child
  }

  private mutating func addChild(of node: Int32, _ character: UInt8) -> Int32 {
    if let known = child(of: node, character) { return known }
    let added = Int32(nodes.count)
    nodes.append(Node(sibling: nodes[Int(node)].child, character: character))
    nodes[Int(node)].child = added
    return added
  }

  /// Where a character leads to from a node.
  private func next(_ node: Int32, _ character: UInt8) -> Int32 {
    var node = node
    while true {
      if let child = child(of: node, character) { return child }
      if node == 0 { return 0 }
      node = nodes[Int(node)].suffix
    }
  }

  private mutating func linkSuffixes() {
    // By length: what a suffix needs is known.
    var order: [Int32] = [0]
    var done = 0
    while done < order.count {
      let node = order[done]
      done += 1
      var child = nodes[Int(node)].child
      while child != 0 {
        order.append(child)
        let suffix = node == 0 ? 0 : next(nodes[Int(node)].suffix, nodes[Int(child)].character)
        nodes[Int(child)].suffix = suffix
        if nodes[Int(child)].longest == 0 {
          nodes[Int(child)].longest = nodes[Int(suffix)].longest
        }
        child = nodes[Int(child)].sibling
      }
    }
  }
}
