/// The stream cipher RC4, with which older PDFs are encrypted.
enum RC4 {
  /// Encrypts and decrypts alike.
  static func apply(_ key: [UInt8], to data: some Sequence<UInt8>) -> [UInt8] {
    guard !key.isEmpty else { return Array(data) }
    var state = (0...255).map { UInt8($0) }
    var other = 0
    for index in 0..<256 {
      other = (other + Int(state[index]) + Int(key[index % key.count])) & 255
      state.swapAt(index, other)
    }
    var index = 0
    other = 0
    return data.map { byte in
      index = (index + 1) & 255
      other = (other + Int(state[index])) & 255
      state.swapAt(index, other)
      return byte ^ state[(Int(state[index]) + Int(state[other])) & 255]
    }
  }
}

/// The block cipher AES (FIPS 197) in chaining mode, with which newer PDFs are encrypted.
///
/// The key is none that anybody keeps secret: time may tell it.
struct AES {
  private var schedule: [UInt8] = []
  private let rounds: Int
  private static let forward = makeForward()
  private static let backward = makeBackward()
  private static let multiples = [9, 11, 13, 14].map { factor in
    (0...255).map { multiply(UInt8($0), UInt8(factor)) }
  }

  /// - Parameter key: 16 or 32 bytes.
  init?(_ key: [UInt8]) {
    guard key.count == 16 || key.count == 32 else { return nil }
    let words = key.count / 4
    rounds = words + 6
    schedule = key
    var constant: UInt8 = 1
    for index in words..<4 * (rounds + 1) {
      var word = Array(schedule[4 * (index - 1)..<4 * index])
      if index % words == 0 {
        word = [word[1], word[2], word[3], word[0]].map { Self.forward[Int($0)] }
        word[0] ^= constant
        constant = Self.double(constant)
      } else if words == 8, index % words == 4 {
        word = word.map { Self.forward[Int($0)] }
      }
      for place in 0..<4 { schedule.append(word[place] ^ schedule[4 * (index - words) + place]) }
    }
  }

  /// Decrypts whole blocks; what is left over is left out.
  func decrypt(_ data: ArraySlice<UInt8>, from start: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(data.count)
    var (before, place) = (start[...], data.startIndex)
    var state = [UInt8](repeating: 0, count: 16)
    var moved = state
    while place + 16 <= data.endIndex {
      for index in 0..<16 { state[index] = data[place + index] }
      decryptBlock(&state, &moved)
      for index in 0..<16 { result.append(state[index] ^ before[before.startIndex + index]) }
      before = data[place..<place + 16]
      place += 16
    }
    return result
  }

  /// Encrypts whole blocks.
  func encrypt(_ data: [UInt8], from start: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(data.count)
    var state = start
    var moved = state
    var place = 0
    while place + 16 <= data.count {
      for index in 0..<16 { state[index] ^= data[place + index] }
      encryptBlock(&state, &moved)
      result += state
      place += 16
    }
    return result
  }

  private func encryptBlock(_ state: inout [UInt8], _ moved: inout [UInt8]) {
    add(0, &state)
    for round in 1...rounds {
      // Rows move to the left, each by its number.
      for index in 0..<16 { moved[index] = Self.forward[Int(state[(index * 5) & 15])] }
      if round == rounds {
        state = moved
      } else {
        for column in stride(from: 0, to: 16, by: 4) {
          let (a, b) = (moved[column], moved[column + 1])
          let (c, d) = (moved[column + 2], moved[column + 3])
          let all = a ^ b ^ c ^ d
          state[column] = a ^ all ^ Self.double(a ^ b)
          state[column + 1] = b ^ all ^ Self.double(b ^ c)
          state[column + 2] = c ^ all ^ Self.double(c ^ d)
          state[column + 3] = d ^ all ^ Self.double(d ^ a)
        }
      }
      add(round, &state)
    }
  }

  private func decryptBlock(_ state: inout [UInt8], _ moved: inout [UInt8]) {
    let multiples = Self.multiples
    add(rounds, &state)
    for round in (0..<rounds).reversed() {
      for index in 0..<16 { moved[(index * 5) & 15] = Self.backward[Int(state[index])] }
      swap(&state, &moved)
      add(round, &state)
      guard round > 0 else { continue }
      for column in stride(from: 0, to: 16, by: 4) {
        let (a, b) = (Int(state[column]), Int(state[column + 1]))
        let (c, d) = (Int(state[column + 2]), Int(state[column + 3]))
        let (nine, eleven) = (multiples[0], multiples[1])
        let (thirteen, fourteen) = (multiples[2], multiples[3])
        state[column] = fourteen[a] ^ eleven[b] ^ thirteen[c] ^ nine[d]
        state[column + 1] = nine[a] ^ fourteen[b] ^ eleven[c] ^ thirteen[d]
        state[column + 2] = thirteen[a] ^ nine[b] ^ fourteen[c] ^ eleven[d]
        state[column + 3] = eleven[a] ^ thirteen[b] ^ nine[c] ^ fourteen[d]
      }
    }
  }

  private func add(_ round: Int, _ state: inout [UInt8]) {
    for index in 0..<16 { state[index] ^= schedule[16 * round + index] }
  }

  private static func double(_ byte: UInt8) -> UInt8 { byte << 1 ^ (byte & 0x80 != 0 ? 0x1B : 0) }

  private static func multiply(_ one: UInt8, _ other: UInt8) -> UInt8 {
    var (product, one, other): (UInt8, UInt8, UInt8) = (0, one, other)
    while other > 0 {
      if other & 1 != 0 { product ^= one }
      (one, other) = (double(one), other >> 1)
    }
    return product
  }

  /// The substitution: the inverse in the field, and an affine map.
  private static func makeForward() -> [UInt8] {
    (0...255).map { value in
      let value = UInt8(value)
      let inverse = (1...255).lazy.map { UInt8($0) }.first { multiply(value, $0) == 1 } ?? 0
      var result = inverse ^ 0x63
      for turn in 1...4 { result ^= inverse << UInt8(turn) | inverse >> UInt8(8 - turn) }
      return result
    }
  }

  private static func makeBackward() -> [UInt8] {
    var backward = [UInt8](repeating: 0, count: 256)
    for (value, substitute) in makeForward().enumerated() {
      backward[Int(substitute)] = UInt8(value)
    }
    return backward
  }
}
