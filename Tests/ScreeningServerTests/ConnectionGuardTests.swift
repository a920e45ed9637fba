import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import ScreeningServer

/// If these fail, a few slow clients hold the server's connections for ever.
@Suite struct ConnectionGuardTests {
  private let head = HTTPRequestPart.head(
    HTTPRequest(method: .post, scheme: "http", authority: "h", path: "/"))

  private func channel() throws -> EmbeddedChannel {
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandler(
      ConnectionGuard(timeout: .seconds(10), longestBody: 100))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  private func advance(_ channel: EmbeddedChannel, _ seconds: Int64) {
    channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
  }

  private func body(_ size: Int) -> HTTPRequestPart {
    .body(ByteBuffer(repeating: 0x61, count: size))
  }

  @Test func aRequestThatDripsIsCutOff() throws {
    let channel = try channel()
    try channel.writeInbound(head)
    for _ in 0..<9 {
      advance(channel, 1)
      try channel.writeInbound(body(1))
    }
    #expect(channel.isActive)
    advance(channel, 1)
    #expect(!channel.isActive)
  }

  @Test func aRequestThatArrivedMayBeAnsweredSlowly() throws {
    let channel = try channel()
    try channel.writeInbound(head)
    advance(channel, 9)
    try channel.writeInbound(HTTPRequestPart.end(nil))
    advance(channel, 1000)
    #expect(channel.isActive)
  }

  @Test func aBodyFarOverTheLimitIsNotSkippedToItsEnd() throws {
    let channel = try channel()
    try channel.writeInbound(head)
    try channel.writeInbound(body(100))
    #expect(channel.isActive)
    try channel.writeInbound(body(1))
    #expect(!channel.isActive)
  }

  private func answer(_ channel: EmbeddedChannel, _ fields: HTTPFields) throws {
    let head = HTTPResponse(status: .contentTooLarge, headerFields: fields)
    try channel.writeOutbound(HTTPResponsePart.head(head))
    try channel.writeOutbound(HTTPResponsePart.end(nil))
  }

  @Test func aConnectionEndsAfterTheAnswerThatSaysSo() throws {
    for (fields, last) in [([:], 2), ([.connection: "close"], 1)] as [(HTTPFields, Int)] {
      let channel = try channel()
      try channel.writeInbound(head)
      try answer(channel, fields)
      try channel.writeInbound(head)
      var count = 0
      while try channel.readInbound(as: HTTPRequestPart.self) != nil { count += 1 }
      #expect(count == last)
      channel.close(promise: nil)
      channel.embeddedEventLoop.run()
      #expect(!channel.isActive)
    }
  }

  @Test func anAnswerThatNobodyTakesIsCutOff() throws {
    let channel = try channel()
    channel.isWritable = false
    channel.pipeline.fireChannelWritabilityChanged()
    advance(channel, 9)
    channel.isWritable = true
    channel.pipeline.fireChannelWritabilityChanged()
    advance(channel, 60)
    #expect(channel.isActive, "A client that goes on taking is not cut off.")
    channel.isWritable = false
    channel.pipeline.fireChannelWritabilityChanged()
    advance(channel, 10)
    #expect(!channel.isActive)
  }
}
