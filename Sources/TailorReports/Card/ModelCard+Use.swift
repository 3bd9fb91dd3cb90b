import Foundation
import TailorImages
import TailorTerminal

/// What the card says to those who program.
extension ModelCard {
    var use: String {
        """
        ## Use
        From within this folder; with `hf-hub:OWNER/NAME` and `OWNER/NAME` in place of `local-dir:.` and `.` from the Hub.

        ```python
        import sys
        import timm, torch
        from PIL import Image, ImageOps

        model = timm.create_model("local-dir:.", pretrained=True).eval()
        transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model))
        image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
        with torch.inference_mode():
            logits = model(transform(image)[None])[0]
        probabilities = (logits / \(temperature)).softmax(0)
        best = int(probabilities.argmax())
        print(model.pretrained_cfg["label_names"][best], round(float(probabilities[best]), 3))
        ```

        ```python
        import sys
        import torch
        from PIL import Image, ImageOps
        from transformers import AutoImageProcessor, AutoModelForImageClassification

        processor = AutoImageProcessor.from_pretrained(".")
        model = AutoModelForImageClassification.from_pretrained(".").eval()
        image = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
        with torch.inference_mode():
            logits = model(**processor(image, return_tensors="pt")).logits[0]
        probabilities = (logits / \(temperature)).softmax(0)
        best = int(probabilities.argmax())
        print(model.config.id2label[best], round(float(probabilities[best]), 3))
        ```
        """
    }

    var preparation: String {
        let side = preprocessing.imageSize
        let fit =
            switch preprocessing.fit {
            case .crop:
                "short side to \(preprocessing.resizeShortSide) pixels, then the centre of \(side) × \(side)"
            case .pad:
                "long side to \(side) pixels, centred on a square of the mean colour (timm rounds the short side of "
                    + "exact halves to even, Tailor up)"
            case .squash: "to \(side) × \(side) pixels, whatever its shape"
            }
        func list(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: ", ") }
        let deep =
            preprocessing.intensityRange.map {
                "samples from \($0.low) to \($0.high) were spread over 0 to 255"
            } ?? "samples were divided by 257"
        return """
            ## Preparation of images
            Upright by EXIF, transparent pixels over white, red, green and blue; \(fit); antialiased bilinear as Pillow's; divided by 255, less the mean \
            (\(list(preprocessing.mean))), divided by the deviation (\(list(preprocessing.standardDeviation))). \
            From the resizing on `config.json` says so to both libraries; what comes before, the programs above do. Of 16-bit images \(deep) before that; Pillow's `convert` cuts off \
            instead, so convert such images yourself.
            """
    }
}
