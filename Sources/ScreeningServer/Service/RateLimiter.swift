import Synchronization

/// Buckets of attempts that are filled again over time, one for each key.
///
/// An attempt takes from its buckets before it is made, so that attempts made at the same time count, too; a successful
/// one gives back. Memory is bounded: full buckets are forgotten first, then the fullest.
final class RateLimiter: Sendable {
  private struct Bucket {
    var level: Double
    var updated: Double
  }

  /// How many attempts at the cost of one a bucket holds.
  let burst: Int
  /// Seconds until one more is allowed.
  let interval: Double
  private let capacity = 16_384
  private let buckets = Mutex<[Int: Bucket]>([:])
  private let now: @Sendable () -> Double

  init(burst: Int, interval: Double, now: @escaping @Sendable () -> Double) {
    self.burst = burst
    self.interval = interval
    self.now = now
  }

  /// Takes an attempt's costs from its buckets, or takes nothing and returns for how many seconds to wait.
  func take(_ costs: [String: Double]) -> Int? {
    let time = now()
    return buckets.withLock { buckets in
      var wait = 0.0
      for (key, cost) in costs {
        let bucket = filled(buckets[key.hashValue], at: time)
        if bucket.level < cost { wait = max(wait, (cost - bucket.level) * interval) }
      }
      guard wait == 0 else { return max(1, Int(wait.rounded(.up))) }
      if buckets.count >= capacity { forgetFull(&buckets, at: time) }
      for (key, cost) in costs {
        var bucket = filled(buckets[key.hashValue], at: time)
        bucket.level -= cost
        buckets[key.hashValue] = bucket
      }
      return nil
    }
  }

  /// Gives back what a successful attempt took.
  func giveBack(_ costs: [String: Double]) {
    let time = now()
    buckets.withLock { buckets in
      for (key, cost) in costs {
        var bucket = filled(buckets[key.hashValue], at: time)
        bucket.level = min(Double(burst), bucket.level + cost)
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
