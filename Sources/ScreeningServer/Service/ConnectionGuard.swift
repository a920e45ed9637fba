import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Cuts off connections that hold the server up: a request that arrives too slowly or is far too long,
/// and an answer that nobody takes; and ends those whose answer says so.
///
/// Such an end lingers (RFC 9112, section 9.6): what the client still sends is passed over until it has taken the answer
/// and hangs up, since closing at once might take the answer from it.
///
/// Hummingbird itself closes connections that are silent, which includes those that drip a head.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let timeout: TimeAmount
  private let longestBody: Int
  private var received = 0
  private var arrival: Scheduled<Void>?
  private var departure: Scheduled<Void>?
  /// Whether the answer that is being written says that the connection closes.
  private var isLast = false
  /// Whether all of that answer has been handed on, and whether it has been written.
  private var (hasEnded, isWritten) = (false, false)
  /// Whether whoever answers is done with the connection.
  private var isDone = false
  private var isInputClosed = false
  /// How long a client may take to hang up after the last answer.
  private static let farewell = TimeAmount.seconds(5)

  /// - Parameters:
  ///   - timeout: within which a request must have arrived whole, and a client must take more of an
  ///     answer.
  ///   - longestBody: bytes after which the rest of a body that was refused is no longer skipped.
  init(timeout: TimeAmount, longestBody: Int) {
    self.timeout = timeout
    self.longestBody = longestBody
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if case .body(let piece) = part {
      received += piece.readableBytes
      if received > longestBody { context.close(promise: nil) }
    }
    guard !hasEnded else { return }
    switch part {
    case .head:
      received = 0
      arrival?.cancel()
      arrival = close(context, after: timeout)
    case .body: break
    case .end:
      arrival?.cancel()
      arrival = nil
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    if hasEnded { context.read() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event {
      isInputClosed = true
      linger(context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head) where head.status.kind != .informational:
      isLast = head.headerFields[.connection] == "close"
    case .end where isLast && !hasEnded:
      hasEnded = true
      let written = promise ?? context.eventLoop.makePromise()
      written.futureResult.assumeIsolated().whenComplete { _ in
        self.isWritten = true
        self.linger(context)
      }
      return context.write(data, promise: written)
    case .head, .body, .end: break
    }
    context.write(data, promise: promise)
  }

  /// Closes; after the last answer only in the way that lets the client take it.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard hasEnded else { return context.close(mode: mode, promise: promise) }
    if let promise { context.channel.closeFuture.cascade(to: promise) }
    guard !isDone else { return }
    isDone = true
    linger(context)
  }

  private func linger(_ context: ChannelHandlerContext) {
    guard isWritten, isDone else { return }
    arrival?.cancel()
    guard !isInputClosed else { return context.close(promise: nil) }
    arrival = close(context, after: Self.farewell)
    let closed = context.eventLoop.makePromise(of: Void.self)
    closed.futureResult.assumeIsolated().whenFailure { _ in context.close(promise: nil) }
    context.close(mode: .output, promise: closed)
    context.read()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    departure?.cancel()
    departure = context.channel.isWritable ? nil : close(context, after: timeout)
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    arrival?.cancel()
    departure?.cancel()
    context.fireChannelInactive()
  }

  private func close(
    _ context: ChannelHandlerContext, after time: TimeAmount
  ) -> Scheduled<Void> {
    context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
  }
}
