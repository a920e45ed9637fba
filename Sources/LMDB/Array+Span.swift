extension [UInt8] {
  /// A copy of the bytes of a span.
  public init(copying span: Span<UInt8>) {
    self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
  }
}

extension ReadTransaction {
  /// A copy of the value at `key`, or `nil`.
  public func value(at key: [UInt8], in table: Table) throws(LMDBError) -> [UInt8]? {
    guard let bytes = try bytes(at: key.span, in: table) else { return nil }
    return Array(copying: bytes)
  }
}

extension WriteTransaction {
  /// A copy of the value at `key`, or `nil`.
  public func value(at key: [UInt8], in table: Table) throws(LMDBError) -> [UInt8]? {
    guard let bytes = try bytes(at: key.span, in: table) else { return nil }
    return Array(copying: bytes)
  }

  /// Sets the value at `key`.
  public mutating func put(_ value: [UInt8], at key: [UInt8], in table: Table) throws(LMDBError) {
    try put(value.span, at: key.span, in: table)
  }

  /// Removes the entry at `key`, and says whether there was one.
  @discardableResult
  public mutating func delete(_ key: [UInt8], in table: Table) throws(LMDBError) -> Bool {
    try delete(key.span, in: table)
  }
}
