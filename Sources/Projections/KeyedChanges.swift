/// Changes of a table's entries that later events read: the newest one of each key is found by its hash.
struct KeyedChanges: Sendable {
  private(set) var packed = PackedChanges()
  /// Places of newest changes, counted from 1, by the hashes of their keys; a zero ends each search.
  private var slots: [UInt32] = []
  private var keys = 0

  /// Sets the value at `key`.
  mutating func put(_ value: [UInt8], at key: [UInt8]) {
    if keys * 2 >= slots.count { grow() }
    let slot = slot(of: key)
    if slots[slot] == 0 {
      keys += 1
    } else if packed.replaceValue(at: Int(slots[slot]) - 1, with: value) {
      return
    }
    packed.append {
      $0.append(contentsOf: key)
    } value: {
      $0.append(contentsOf: value)
    }
    slots[slot] = UInt32(packed.places.count)
  }

  /// The value that was set at `key`, or `nil`.
  func value(at key: [UInt8]) -> [UInt8]? {
    guard !slots.isEmpty else { return nil }
    let place = slots[slot(of: key)]
    return place == 0 ? nil : packed.value(at: Int(place) - 1)
  }

  /// Where the place of `key` is, or belongs.
  private func slot(of key: [UInt8]) -> Int {
    var slot = hash(key.span) & (slots.count - 1)
    while slots[slot] != 0, !packed.hasKey(key, at: Int(slots[slot]) - 1) {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private mutating func grow() {
    let places = slots.filter { $0 != 0 }
    slots = [UInt32](repeating: 0, count: max(64, slots.count * 2))
    for place in places {
      var slot = hash(packed.key(at: Int(place) - 1)) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = place
    }
  }

  private func hash(_ key: Span<UInt8>) -> Int {
    var hasher = Hasher()
    unsafe key.withUnsafeBufferPointer { key in
      unsafe hasher.combine(bytes: UnsafeRawBufferPointer(key))
    }
    return hasher.finalize()
  }
}

extension PackedChanges {
  /// The key of the change at `index`.
  @_lifetime(borrow self)
  fileprivate func key(at index: Int) -> Span<UInt8> {
    let place = places[index]
    return buffer.span.extracting(place.start..<(place.start + Int(place.keySize)))
  }

  fileprivate func hasKey(_ key: [UInt8], at index: Int) -> Bool {
    let place = places[index]
    guard Int(place.keySize) == key.count else { return false }
    return buffer[place.start..<(place.start + key.count)].elementsEqual(key)
  }

  fileprivate func value(at index: Int) -> [UInt8]? {
    let place = places[index]
    guard let size = place.valueSize else { return nil }
    let start = place.start + Int(place.keySize)
    return Array(buffer[start..<(start + Int(size))])
  }

  /// Writes over the value of the change at `index`, where the other one has the same size.
  fileprivate mutating func replaceValue(at index: Int, with value: [UInt8]) -> Bool {
    let place = places[index]
    guard let size = place.valueSize, Int(size) == value.count else { return false }
    let start = place.start + Int(place.keySize)
    for offset in value.indices { buffer[start + offset] = value[offset] }
    return true
  }
}
