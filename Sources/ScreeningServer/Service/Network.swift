import Glibc

/// A range of addresses in CIDR notation, like `10.0.0.0/8` or `2001:db8::/32`.
public struct Network: Sendable, Hashable, CustomStringConvertible {
  private let address: [UInt8]
  private let length: Int

  /// The network in CIDR notation.
  public let description: String

  /// Reads CIDR notation; a bare address stands for itself alone.
  ///
  /// `nil` for anything else.
  public init?(_ text: String) {
    let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let bytes = Self.bytes(of: String(halves[0])) else { return nil }
    var length = bytes.count * 8
    if halves.count > 1 {
      guard let given = Int(halves[1]), (0...length).contains(given) else { return nil }
      length = given
    }
    address = bytes
    self.length = length
    description = text
  }

  /// Whether `address` lies in the network.
  func contains(_ address: String) -> Bool {
    guard let bytes = Self.bytes(of: address), bytes.count == self.address.count else {
      return false
    }
    return (0..<length).allSatisfy { bit in
      let mask: UInt8 = 0x80 >> UInt8(bit % 8)
      return bytes[bit / 8] & mask == self.address[bit / 8] & mask
    }
  }

  /// The address in what a proxy says of a client, which may have a port, and an IPv6 address brackets (RFC 7239, section 6).
  ///
  /// `nil` where there is none.
  static func address(in node: String) -> String? {
    let parts = node.split(separator: ":", omittingEmptySubsequences: false)
    var address = parts.count == 2 ? parts[0] : node[...]
    if node.hasPrefix("[") { address = node.dropFirst().prefix { $0 != "]" } }
    return bytes(of: String(address)) == nil ? nil : String(address)
  }

  /// What stands for all addresses that one user may have as they please: of IPv6, the first 64 bits.
  static func oneUsersAddresses(_ address: String) -> String {
    guard let bytes = bytes(of: address) else { return address }
    return bytes.prefix(8).map { String($0) }.joined(separator: ".")
  }

  /// The bytes of an address; an IPv4 address within IPv6 counts as IPv4.
  private static func bytes(of text: String) -> [UInt8]? {
    var four = [UInt8](repeating: 0, count: 4)
    if unsafe inet_pton(AF_INET, text, &four) == 1 { return four }
    var sixteen = [UInt8](repeating: 0, count: 16)
    guard unsafe inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
    let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
    return sixteen.starts(with: mapped) ? Array(sixteen[12...]) : sixteen
  }
}
