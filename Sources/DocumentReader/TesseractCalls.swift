import Glibc

/// The calls of tesseract's C interface (`tesseract/capi.h`) that recognising needs.
@unsafe struct TesseractCalls {
  typealias Handle = OpaquePointer?
  typealias Text = UnsafeMutablePointer<CChar>?

  let version: @convention(c) () -> UnsafePointer<CChar>?
  let create: @convention(c) () -> Handle
  let delete: @convention(c) (Handle) -> Void
  let initialise:
    @convention(c) (Handle, UnsafePointer<CChar>?, UnsafePointer<CChar>, Int32) -> Int32
  let dataPath: @convention(c) (Handle) -> UnsafePointer<CChar>?
  let setPageMode: @convention(c) (Handle, Int32) -> Void
  let setImage: @convention(c) (Handle, UnsafePointer<UInt8>?, Int32, Int32, Int32, Int32) -> Void
  let setResolution: @convention(c) (Handle, Int32) -> Void
  let recognise: @convention(c) (Handle, OpaquePointer?) -> Int32
  let clear: @convention(c) (Handle) -> Void
  let iterator: @convention(c) (Handle) -> Handle
  let deleteIterator: @convention(c) (Handle) -> Void
  let next: @convention(c) (Handle, Int32) -> Int32
  let text: @convention(c) (Handle, Int32) -> Text
  let deleteText: @convention(c) (Text) -> Void
  let confidence: @convention(c) (Handle, Int32) -> Float
  let place: @convention(c) (Handle) -> Handle
  let beginsAt: @convention(c) (Handle, Int32) -> Int32
  let box:
    @convention(c) (
      Handle, Int32, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>,
      UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>
    ) -> Int32

  private struct Missing: Error {}

  /// Finds the calls in a library; `nil` when one is missing.
  init?(_ library: UnsafeMutableRawPointer) {
    func find<Call>(_ name: String) throws(Missing) -> Call {
      guard let symbol = unsafe dlsym(library, name) else { throw Missing() }
      return unsafe unsafeBitCast(symbol, to: Call.self)
    }
    do throws(Missing) {
      unsafe version = try find("TessVersion")
      unsafe create = try find("TessBaseAPICreate")
      unsafe delete = try find("TessBaseAPIDelete")
      unsafe initialise = try find("TessBaseAPIInit2")
      unsafe dataPath = try find("TessBaseAPIGetDatapath")
      unsafe setPageMode = try find("TessBaseAPISetPageSegMode")
      unsafe setImage = try find("TessBaseAPISetImage")
      unsafe setResolution = try find("TessBaseAPISetSourceResolution")
      unsafe recognise = try find("TessBaseAPIRecognize")
      unsafe clear = try find("TessBaseAPIClear")
      unsafe iterator = try find("TessBaseAPIGetIterator")
      unsafe deleteIterator = try find("TessResultIteratorDelete")
      unsafe next = try find("TessResultIteratorNext")
      unsafe text = try find("TessResultIteratorGetUTF8Text")
      unsafe deleteText = try find("TessDeleteText")
      unsafe confidence = try find("TessResultIteratorConfidence")
      unsafe place = try find("TessResultIteratorGetPageIterator")
      unsafe beginsAt = try find("TessPageIteratorIsAtBeginningOf")
      unsafe box = try find("TessPageIteratorBoundingBox")
    } catch {
      return nil
    }
  }
}
