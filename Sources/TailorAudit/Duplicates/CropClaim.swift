/// Claim that one image of a pair is a part of the other.
struct CropClaim {
    struct ThumbnailFit {
        var fit = CropAlignment.Fit()
        var isMirrored = false
    }

    let pair: ImagePair
    /// Whether one is plausibly cut from the other, pixel for pixel.
    var isPlausible = false
    var thumbnails = ThumbnailFit()

    /// Score of the thumbnails, −1…1.
    var score: Float { thumbnails.fit.score }

    func crop(_ score: Float) -> DuplicatePair {
        DuplicatePair(first: pair.first, second: pair.second, kind: .crop, score: score)
    }
}

/// What a look into a claim has shown.
struct CropLook {
    var claim: CropClaim
    /// The pair, if the claim holds.
    var crop: DuplicatePair?
    /// The pair, if only its thumbnails agree as those of crops do.
    var hint: DuplicatePair?
}

/// Looks into pairs of images of which one may be a part of the other.
struct CropClaiming: Sendable {
    let images: [ImageSignature]
    let pictures: VerifiedPictures
    /// Whether thumbnails can tell crops.
    let seesThumbnails: Bool

    /// Whether one is cut from the other pixel for pixel, which is the rule.
    func firstLook(_ claim: CropClaim) -> CropLook {
        var claim = claim
        claim.isPlausible = isPlausible(claim.pair)
        return CropLook(claim: claim, crop: claim.isPlausible ? nativeScore(claim).map(claim.crop) : nil)
    }

    /// The claim with what thumbnails say.
    func byThumbnails(_ claim: CropClaim) -> CropClaim {
        var claim = claim
        claim.thumbnails = thumbnails(claim.pair)
        return claim
    }

    /// Whether one is a part of the other as thumbnails claim.
    func secondLook(_ claim: CropClaim) -> CropLook {
        let hint = DuplicatePair(
            first: claim.pair.first, second: claim.pair.second, kind: .lookalike, score: claim.score)
        return CropLook(
            claim: claim, crop: resizedScore(claim).map(claim.crop),
            hint: claim.score >= CropSearch.score ? hint : nil)
    }

    /// Fit of two thumbnails, mirrored where that fits better; none where one of them shows nothing.
    private func thumbnails(_ pair: ImagePair) -> CropClaim.ThumbnailFit {
        let (first, second) = (images[pair.first], images[pair.second])
        guard seesThumbnails, min(first.contrast, second.contrast) >= DuplicateSearch.blankContrast else {
            return CropClaim.ThumbnailFit()
        }
        let alignment = CropAlignment(GreyImage(first.thumbnail))
        let other = GreyImage(second.thumbnail)
        let upright = alignment.fit(with: CropAlignment(other))
        let mirrored = alignment.fit(with: CropAlignment(other.variant(1)))
        return mirrored.score > upright.score
            ? CropClaim.ThumbnailFit(fit: mirrored, isMirrored: true) : CropClaim.ThumbnailFit(fit: upright)
    }

    private func isPlausible(_ pair: ImagePair) -> Bool {
        guard let a = images[pair.first].size, let b = images[pair.second].size else { return false }
        // Before anything is read; of equal sizes neither is a part.
        guard a != b,
            (a.width <= b.width && a.height <= b.height) || (b.width <= a.width && b.height <= a.height),
            10 * min(a.width, b.width) >= 7 * max(a.width, b.width),
            10 * min(a.height, b.height) >= 7 * max(a.height, b.height),
            min(a.width, a.height, b.width, b.height) >= CropVerification.leastSide,
            let one = pictures[pair.first], let other = pictures[pair.second]
        else { return false }
        return CropVerification(one, other)?.isPlausible ?? false
    }

    /// Score as an unmirrored part that was not resized.
    private func nativeScore(_ claim: CropClaim) -> Float? {
        guard let first = pictures[claim.pair.first], let second = pictures[claim.pair.second] else {
            return nil
        }
        return CropVerification(first, second)?.score(.native, isSifted: true)
    }

    /// Score as a part that thumbnails found.
    private func resizedScore(_ claim: CropClaim) -> Float? {
        guard let first = pictures[claim.pair.first], let second = pictures[claim.pair.second] else {
            return nil
        }
        let (fit, isMirrored) = (claim.thumbnails.fit, claim.thumbnails.isMirrored)
        let other = isMirrored ? second.variant(1) : second
        if isMirrored || !claim.isPlausible, let score = CropVerification(first, other)?.score(.native) {
            return score
        }
        guard fit.score >= CropSearch.leastScore else { return nil }
        return CropVerification(
            whole: fit.otherIsPart ? first : other, part: fit.otherIsPart ? other : first
        ).score(.relative(fit.scale))
    }
}
