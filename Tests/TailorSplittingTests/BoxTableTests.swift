import Foundation
import TailorSplitting
import TestSupport
import Testing

/// CSV files with a box a row, as tools write them.
@Suite struct BoxTableTests {
    private static let tables: [(text: String, notes: [String])] = [
        (  // TensorFlow, Roboflow
            "filename,width,height,class,xmin,ymin,xmax,ymax\n0.ppm,100,80,cat,10,20,30,60\n"
                + "1.ppm,100,80,dog,0,0,20,16\n1.ppm,100,80,cat,40,30,56,47\n",
            ["path is the column filename, label is the column class"]
        ),
        (  // another order, other names, semicolons
            "Label;X2;X1;Y1;Y2;File Name\r\ncat;30;10;20;60;in\\0.ppm\r\ndog;20;0;0;16;1\r\ncat;56;40;30;47;1\r\n",
            ["the fields are separated by semicolons", "path is the column File Name"]
        ),
        (  // RetinaNet
            "in/0.ppm,10,20,30,60,cat\n/data/images/in/1.ppm,0,0,20,16,dog\nin/1.ppm,40,30,56,47,cat\nin/2.ppm,,,,,\n",
            ["no header: the columns are path, x1, y1, x2, y2, class"]
        ),
        (  // makesense.ai
            "label_name,bbox_x,bbox_y,bbox_width,bbox_height,image_name,image_width,image_height\n"
                + "cat,10,20,20,40,0.ppm,100,80\ndog,0,0,20,16,1.ppm,100,80\ncat,40,30,16,17,1.ppm,100,80\n",
            [
                "path is the column image_name, label is the column label_name",
                "bbox_x, bbox_y, bbox_width, bbox_height are taken as left edge, top edge, width and height",
            ]
        ),
        (  // Open Images
            "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsGroupOf\n"
                + "0,x,cat,1,0.1,0.3,0.25,0.75,0,0\n1,x,dog,1,0,0.2,0,0.2,0,0\n1,x,cat,1,0.4,0.56,0.375,0.5875,0,0\n"
                + "2,x,cat,1,0.4,0.56,0.375,0.5875,0,1\n",
            [
                "path is the column ImageID, label is the column LabelName",
                "the edges are taken as shares of width and height", "1 crowd annotation left out",
            ]
        ),
        (  // VGG Image Annotator
            "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n"
                + #"0.ppm,9,"{}",1,0,"{""name"":""polygon"",""all_points_x"":[10,30,20],""all_points_y"":[20,30,60]}","{""class"":""cat""}""#
                + "\n"
                + #"1.ppm,9,"{}",2,0,"{""name"":""rect"",""x"":0,""y"":0,""width"":20,""height"":16}","{""type"":""dog""}""#
                + "\n"
                + #"1.ppm,9,"{}",2,1,"{""name"":""ellipse"",""cx"":48,""cy"":38.5,""rx"":8,""ry"":8.5}","{""a"":""1"",""class"":""cat""}""#
                + "\n" + #"2.ppm,9,"{}",0,0,"{}","{}""# + "\n",
            ["2 outlines: the box that encloses each is cut out"]
        ),
    ]

    @Test(arguments: tables.indices)
    func table(index: Int) throws {
        let (text, notes) = Self.tables[index]
        let made = try MadeAnnotations(pictures: 3)
        try made.write(text, to: "boxes.csv")
        // Alone, and as the only one of its folder.
        for url in [made.annotations.appendingPathComponent("boxes.csv"), made.annotations] {
            let source = try made.read(url)
            #expect(
                source.crops == [
                    "cat in/0.ppm 10 20 20 40", "dog in/1.ppm 0 0 20 16", "cat in/1.ppm 40 30 16 17",
                ])
            #expect(Set(source.notes) == Set(["CSV: 3 boxes in 2 images"] + notes))
        }
    }

    /// Roboflow's export for RetinaNet lists the classes beside the boxes.
    @Test func aListOfClassesBeside() throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.write("in/0.ppm,10,20,30,60,cat\nin/1.ppm,0,0,20,16,dog\n", to: "_annotations.csv")
        try made.write("cat,0\ndog,1\n", to: "_classes.csv")
        let source = try made.read()
        #expect(source.crops == ["cat in/0.ppm 10 20 20 40", "dog in/1.ppm 0 0 20 16"])
        #expect(source.notes.last == "1 table without boxes passed over: _classes.csv")
        try made.write("a,b\n", to: "_annotations.csv")
        #expect(throws: SplitError.self) { try made.read() }
    }

    @Test func rowsThatAreRefused() throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.write(
            """
            filename,class,xmin,ymin,xmax,ymax,width,height
            0.ppm,cat,10,20,30,60,100,80
            0.ppm,dog,10,20,5,60,100,80
            0.ppm,,10,20,30,60,100,80
            0.ppm,cat,10,x,30,60,100,80
            9.ppm,cat,10,20,30,60,100,80
            1.ppm,dog,10,20,30,60,90,80
            0.ppm,dog,10,20,31,60,100,90
            """, to: "boxes.csv")
        let url = made.annotations.appendingPathComponent("boxes.csv")
        let error = #expect(throws: SplitError.self) { try made.read(url) }
        guard case .problems(let problems, _)? = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(
            Set(problems.map(\.description)) == [
                "boxes.csv: line 3: a box of -5.0 by 40.0: expected a width and height above 0",
                "boxes.csv: line 4: the class name is empty",
                "boxes.csv: line 5: top edge: expected a number, got \"x\"",
                "boxes.csv: line 6: there is no image 9.ppm in \(made.images.path)",
                "in/1.ppm: 100×80 pixels, annotated as 90×80",
                "boxes.csv: line 8: 0.ppm has 100×90 pixels here and 100×80 on line 2",
            ])
        try made.write("filename,xmin,ymin,xmax,ymax\n", to: "boxes.csv")
        #expect(
            #expect(throws: SplitError.self) { try made.read(url) }?.description
                == "\(url.path), first line: expected columns for the image, the class and the box (filename, class, "
                + "xmin, ymin, xmax, ymax), got filename,xmin,ymin,xmax,ymax")
    }
}
