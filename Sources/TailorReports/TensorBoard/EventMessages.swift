import Foundation
import TailorModelFile

/// A record of an event file (`tensorboard/compat/proto/event.proto`).
struct TensorBoardEvent: WireMessage {
    /// Seconds since 1970.
    var wallTime: Double?
    var step: Int64 = 0
    var fileVersion = ""
    var summary: TensorBoardSummary?
    var session: SessionLog?
    var unknownFields = UnknownFields()

    mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &wallTime)
        try visitor.field(2, &step)
        try visitor.field(3, &fileVersion)
        try visitor.field(5, &summary)
        try visitor.field(7, &session)
    }

    /// Says where in a run a file begins: what an earlier file holds from that step on is void.
    struct SessionLog: WireMessage {
        static let start: Int32 = 1

        var status: Int32 = 0
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(1, &status)
        }
    }
}

/// Values of one step (`summary.proto`).
struct TensorBoardSummary: WireMessage {
    var values: [Value] = []
    var unknownFields = UnknownFields()

    mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &values)
    }

    struct Value: WireMessage {
        var tag = ""
        var scalar: Float?
        var image: Image?
        var tensor: Tensor?
        var metadata: Metadata?
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(1, &tag)
            try visitor.field(2, &scalar)
            try visitor.field(4, &image)
            try visitor.field(8, &tensor)
            try visitor.field(9, &metadata)
        }
    }

    struct Image: WireMessage {
        var height: Int32 = 0
        var width: Int32 = 0
        /// Channels.
        var colorspace: Int32 = 3
        /// A PNG or JPEG file.
        var encoded = Data()
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(1, &height)
            try visitor.field(2, &width)
            try visitor.field(3, &colorspace)
            try visitor.field(4, &encoded)
        }
    }

    struct Tensor: WireMessage {
        static let float: Int32 = 1
        static let string: Int32 = 7

        var type: Int32 = 0
        var shape: Shape?
        var floats: [Float] = []
        var strings: [String] = []
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(1, &type)
            try visitor.field(2, &shape)
            try visitor.field(5, &floats)
            try visitor.field(8, &strings)
        }
    }

    struct Shape: WireMessage {
        var extents: [Extent] = []
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(2, &extents)
        }

        struct Extent: WireMessage {
            var size: Int64 = 0
            var unknownFields = UnknownFields()

            mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
                try visitor.field(1, &size)
            }
        }
    }

    /// Which of TensorBoard's plugins shows a value.
    struct Metadata: WireMessage {
        static let tensors: Int32 = 2

        var plugin: Plugin?
        var description = ""
        var dataClass: Int32 = 0
        var unknownFields = UnknownFields()

        mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
            try visitor.field(1, &plugin)
            try visitor.field(3, &description)
            try visitor.field(4, &dataClass)
        }

        struct Plugin: WireMessage {
            var name = ""
            var content = Data()
            var unknownFields = UnknownFields()

            mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
                try visitor.field(1, &name)
                try visitor.field(2, &content)
            }
        }
    }
}
