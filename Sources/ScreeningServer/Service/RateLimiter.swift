import Synchronization

/// Slows down who guesses passwords: a bucket of attempts for each account and each address, filled
/// again over time.
///
/// An attempt takes from the bucket before the password is checked, so that attempts made at the same
/// time count, too; a successful one gives back.
final class RateLimiter: Sendable {
  private struct Bucket {
    var level: Double
    var updated: Double
  }

  /// How many attempts a bucket holds.
  let burst: Int
  /// Seconds until one more attempt is allowed.
  let interval: Double
  private let capacity = 16_384
  private let buckets = Mutex<[Int: Bucket]>([:])
  private let now: @Sendable () -> Double

  init(burst: Int, interval: Double, now: @escaping @Sendable () -> Double) {
    self.burst = burst
    self.interval = interval
    self.now = now
  }

  /// Takes one attempt from each of the buckets of `keys`, or returns for how many seconds to wait.
  func take(_ keys: [String]) -> Int? {
    let time = now()
    return buckets.withLock { buckets in
      var wait = 0.0
      for key in keys {
        let bucket = filled(buckets[key.hashValue], at: time)
        if bucket.level < 1 { wait = max(wait, (1 - bucket.level) * interval) }
      }
      guard wait == 0 else { return max(1, Int(wait.rounded(.up))) }
      if buckets.count >= capacity { forgetFull(&buckets, at: time) }
      for key in keys {
        var bucket = filled(buckets[key.hashValue], at: time)
        bucket.level -= 1
        buckets[key.hashValue] = bucket
      }
      return nil
    }
  }

  /// Gives back what a successful attempt took.
  func giveBack(_ keys: [String]) {
    let time = now()
    buckets.withLock { buckets in
      for key in keys {
        var bucket = filled(buckets[key.hashValue], at: time)
        bucket.level = min(Double(burst), bucket.level + 1)
        buckets[key.hashValue] = bucket
      }
    }
  }

  private func filled(_ bucket: Bucket?, at time: Double) -> Bucket {
    guard let bucket else { return Bucket(level: Double(burst), updated: time) }
    let gained = max(0, time - bucket.updated) / interval
    return Bucket(level: min(Double(burst), bucket.level + gained), updated: time)
  }

  /// Drops buckets that are full again; where all are in use, the fullest half.
  private func forgetFull(_ buckets: inout [Int: Bucket], at time: Double) {
    buckets = buckets.filter { filled($0.value, at: time).level < Double(burst) }
    guard buckets.count >= capacity else { return }
    let emptiest = buckets.sorted {
      filled($0.value, at: time).level < filled($1.value, at: time).level
    }
    buckets = Dictionary(
      uniqueKeysWithValues: emptiest.prefix(capacity / 2).map { ($0.key, $0.value) })
  }
}
