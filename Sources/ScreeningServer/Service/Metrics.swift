import Synchronization

/// Counts what the server does, for Prometheus.
final class Metrics: Sendable {
  private struct Counts {
    var inFlight = 0
    /// Answers by endpoint and status.
    var answers: [Key: Int] = [:]
    /// Answers by endpoint and upper bound of their time; the last counts all.
    var times: [String: [Int]] = [:]
    var seconds: [String: Double] = [:]
    var refusedLogins = 0
  }

  private struct Key: Hashable {
    let endpoint: String
    let status: Int
  }

  /// Upper bounds in seconds.
  private static let bounds = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10]
  private let counts = Mutex(Counts())

  func begin() { counts.withLock { $0.inFlight += 1 } }

  func end(_ endpoint: Endpoint?, _ status: Int, after time: Duration) {
    let name = endpoint?.rawValue ?? "none"
    let seconds = time / .seconds(1)
    counts.withLock { counts in
      counts.inFlight -= 1
      counts.answers[Key(endpoint: name, status: status), default: 0] += 1
      counts.seconds[name, default: 0] += seconds
      let slot = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
      counts.times[name, default: Array(repeating: 0, count: Self.bounds.count + 1)][slot] += 1
    }
  }

  func refuseLogin() { counts.withLock { $0.refusedLogins += 1 } }

  /// The counts in Prometheus' text format, version 0.0.4.
  func text(head: UInt64, generation: UInt64, ready: Bool) -> String {
    let counts = counts.withLock(\.self)
    var lines = [
      "# HELP senko_log_events Events in the log.", "# TYPE senko_log_events gauge",
      "senko_log_events \(head)",
      "# HELP senko_key_generation Generation of the wrapping key; each erasure adds one.",
      "# TYPE senko_key_generation gauge", "senko_key_generation \(generation)",
      "# HELP senko_ready Whether the views have caught up since the start.",
      "# TYPE senko_ready gauge", "senko_ready \(ready ? 1 : 0)",
      "# HELP senko_http_requests_in_flight Requests being answered.",
      "# TYPE senko_http_requests_in_flight gauge",
      "senko_http_requests_in_flight \(counts.inFlight)",
      "# HELP senko_logins_refused_total Login attempts over the rate limit.",
      "# TYPE senko_logins_refused_total counter",
      "senko_logins_refused_total \(counts.refusedLogins)",
      "# HELP senko_http_requests_total Answers by endpoint and status.",
      "# TYPE senko_http_requests_total counter",
    ]
    for (key, count) in counts.answers.sorted(by: {
      ($0.key.endpoint, $0.key.status) < ($1.key.endpoint, $1.key.status)
    }) {
      lines.append(
        "senko_http_requests_total{endpoint=\"\(key.endpoint)\",status=\"\(key.status)\"} \(count)")
    }
    lines += [
      "# HELP senko_http_request_seconds Time until an answer is ready.",
      "# TYPE senko_http_request_seconds histogram",
    ]
    for (endpoint, slots) in counts.times.sorted(by: { $0.key < $1.key }) {
      var sum = 0
      for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], slots) {
        sum += count
        lines.append(
          "senko_http_request_seconds_bucket{endpoint=\"\(endpoint)\",le=\"\(bound)\"} \(sum)")
      }
      lines.append(
        "senko_http_request_seconds_sum{endpoint=\"\(endpoint)\"} \(counts.seconds[endpoint] ?? 0)")
      lines.append("senko_http_request_seconds_count{endpoint=\"\(endpoint)\"} \(sum)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
