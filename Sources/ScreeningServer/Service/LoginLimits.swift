import Synchronization

/// Slows down who guesses passwords, without keeping the account's owner out.
///
/// An attempt takes from up to three buckets:
/// - the account's at this address, so that nobody elsewhere takes anything from the owner's;
/// - the address's, four times as large, against trying many accounts;
/// - the account's for all addresses that it has not logged in from, sixteen times as large, against guessing from many.
///
/// Who comes from where the account has logged in before is not asked for the third. All that is remembered lies in
/// memory, and its size is bounded.
final class LoginLimits: Sendable {
  /// An attempt to log in to an account from an address.
  struct Attempt: Sendable {
    /// Whether the account has logged in from there before.
    let isFromKnownPlace: Bool
    fileprivate let place: String
    fileprivate let costs: [String: Double]
  }

  private static let capacity = 16_384
  private let limiter: RateLimiter
  /// Where accounts have logged in from; only a right password adds to it.
  private let places = Mutex<Set<Int>>([])

  init(_ limiter: RateLimiter) { self.limiter = limiter }

  /// An attempt that has not begun.
  func attempt(at account: String, from address: String) -> Attempt {
    let account = account.lowercased()
    let address = Network.oneUsersAddresses(address)
    let place = "place \(address) \(account)"
    let isKnown = places.withLock { $0.contains(place.hashValue) }
    var costs = [place: 1, "address \(address)": 1.0 / 4]
    if !isKnown { costs["account \(account)"] = 1.0 / 16 }
    return Attempt(isFromKnownPlace: isKnown, place: place, costs: costs)
  }

  /// Begins an attempt, or returns for how many seconds to wait.
  func begin(_ attempt: Attempt) -> Int? { limiter.take(attempt.costs) }

  /// Takes an attempt back that was not made.
  func takeBack(_ attempt: Attempt) { limiter.giveBack(attempt.costs) }

  /// Notes that an attempt had the right password.
  func succeed(_ attempt: Attempt) {
    limiter.giveBack(attempt.costs)
    places.withLock { places in
      if places.count >= Self.capacity { places = [] }
      places.insert(attempt.place.hashValue)
    }
  }
}
