import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Asks a client for the body that it holds back until it is asked (RFC 9110, section 10.1.1).
///
/// That is when the body is about to be read: whoever has no token, or asks for what is not there, is told so before sending
/// megabytes.
final class Invitation: Sendable {
  private let channel: any Channel
  private let isGiven = Mutex(false)

  init(_ channel: any Channel) { self.channel = channel }

  /// Asks for the body of `request`, once and where the client waits for it.
  func give(_ request: Request) {
    guard isOutstanding(request) else { return }
    isGiven.withLock { $0 = true }
    channel.writeAndFlush(
      HTTPResponsePart.head(HTTPResponse(status: .continue)), promise: nil)
  }

  /// Whether the client still waits: it may send its body all the same, or not, so that nothing else can follow on the
  /// connection.
  func isOutstanding(_ request: Request) -> Bool {
    Self.isAwaited(by: request) && !isGiven.withLock(\.self)
  }

  private static func isAwaited(by request: Request) -> Bool {
    // Several fields of the name are one list (RFC 9110, section 5.3).
    request.headers[.expect]?.split(separator: ",").contains {
      $0.filter { !$0.isWhitespace }.lowercased() == "100-continue"
    } ?? false
  }
}
