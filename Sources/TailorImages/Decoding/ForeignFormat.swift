import Foundation
import TailorSupport

/// Format of files that hold images which are not read here.
package enum ForeignFormat: String, CaseIterable, Sendable {
    case dicom, numpy, nifti, hdf5

    /// Recognises the format by the name's extension; nil for any other.
    package init?(named name: String) {
        let name = name.lowercased()
        switch fileExtension(of: name) {
        case "dcm", "dicom", "ima", "dc3": self = .dicom
        case "npy", "npz": self = .numpy
        case "nii": self = .nifti
        case "gz" where name.hasSuffix(".nii.gz"): self = .nifti
        case "h5", "hdf5": self = .hdf5
        default: return nil
        }
    }

    /// Number of the first bytes that tell the formats apart.
    package static let headBytes = 352

    /// Recognises the format by a file's first bytes; nil for any other.
    package init?(head: Data) {
        func holds(_ text: [UInt8], at offset: Int) -> Bool {
            head.dropFirst(offset).starts(with: text)
        }
        if holds(Array("DICM".utf8), at: 128) {
            self = .dicom
        } else if holds([0x93] + Array("NUMPY".utf8), at: 0) {
            self = .numpy
        } else if holds([0x89] + Array("HDF\r\n".utf8), at: 0) {
            self = .hdf5
        } else if holds(Array("n+1\0".utf8), at: 344) {
            self = .nifti
        } else {
            return nil
        }
    }

    package var name: String {
        switch self {
        case .dicom: "DICOM"
        case .numpy: "NumPy"
        case .nifti: "NIfTI"
        case .hdf5: "HDF5"
        }
    }

    /// What to do with such files.
    package var remedy: String {
        let tool =
            switch self {
            case .dicom: "pydicom or dcm2img, with the window that shows what matters"
            case .numpy: "NumPy and Pillow, with one scale for all files"
            case .nifti: "nibabel, slice by slice, with one scale for all files"
            case .hdf5: "h5py and Pillow, with one scale for all files"
            }
        return "convert them to PNG first (\(tool))"
    }
}
