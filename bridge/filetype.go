package bridge

import (
	"net/http"
	"path"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// fileType is a kind of file that visitors may send. A file's name and its content must agree,
// and the file is served with the media type of the table.
type fileType struct {
	media      string
	extensions []string // a file with another extension gets the first one
	content    string   // the media type that http.DetectContentType finds in the first bytes
}

// fileTypes lists the kinds of file. A browser runs none of them.
func fileTypes() []fileType {
	const office = "application/vnd.openxmlformats-officedocument."
	return []fileType{
		{"image/png", []string{".png"}, "image/png"},
		{"image/jpeg", []string{".jpg", ".jpeg"}, "image/jpeg"},
		{"image/gif", []string{".gif"}, "image/gif"},
		{"image/webp", []string{".webp"}, "image/webp"},
		{"application/pdf", []string{".pdf"}, "application/pdf"},
		{"audio/mpeg", []string{".mp3"}, "audio/mpeg"},
		{"audio/ogg", []string{".ogg", ".opus"}, "application/ogg"},
		{"video/mp4", []string{".mp4"}, "video/mp4"},
		{"video/webm", []string{".webm"}, "video/webm"},
		{"text/plain", []string{".txt", ".log", ".md"}, "text/plain"},
		{"text/csv", []string{".csv"}, "text/plain"},
		{"application/zip", []string{".zip"}, "application/zip"},
		{office + "wordprocessingml.document", []string{".docx"}, "application/zip"},
		{office + "spreadsheetml.sheet", []string{".xlsx"}, "application/zip"},
		{"application/vnd.oasis.opendocument.text", []string{".odt"}, "application/zip"},
		{"application/vnd.oasis.opendocument.spreadsheet", []string{".ods"}, "application/zip"},
	}
}

// FileTypes lists the media types that visitors may send.
func FileTypes() []string {
	var list []string
	for _, t := range fileTypes() {
		list = append(list, t.media)
	}
	return list
}

// judge finds the kind of a file by its name and its first bytes, and the extension for it. For
// text and archives, which the content alone does not tell apart, the name decides.
func judge(name string, head []byte) (t fileType, extension string, err error) {
	content, _, _ := strings.Cut(http.DetectContentType(head), ";")
	given := strings.ToLower(path.Ext(name))
	named := false
	for _, f := range fileTypes() {
		for _, e := range f.extensions {
			if e != given {
				continue
			}
			named = true
			if f.content == content {
				return f, e, nil
			}
		}
	}
	for _, f := range fileTypes() {
		if f.content == content && !named && content != "text/plain" && content != "application/zip" {
			return f, f.extensions[0], nil
		}
	}
	return t, "", &phrase.Error{Code: phrase.CodeUnsupported, Phrase: phrase.Say("Files of this kind are not taken here. Send a picture, PDF, text, document, sound, video or ZIP file.")}
}

// newFile makes the File of an upload by its name and its first bytes.
func newFile(number int64, name string, head []byte, at time.Time) (File, error) {
	name = baseName(name)
	if len(head) == 0 {
		return File{}, phrase.Invalid("file", "The file is empty.")
	}
	kind, extension, err := judge(name, head)
	if err != nil {
		return File{}, err
	}
	if name = strings.TrimLeft(name, "./"); name == "" || strings.EqualFold("."+name, extension) {
		name = "file" + extension
	}
	if !strings.EqualFold(path.Ext(name), extension) { // otherwise a picture that is also a program would keep its name
		name += extension
	}
	return File{ID: newID() + extension, Conversation: number, Name: shortened(name, extension), Type: kind.media, At: at}, nil
}

// judged is how many bytes a file is judged by.
const judged = 512

// baseName makes a file name without folders of foreign text.
func baseName(name string) string {
	return cleanLine(path.Base(strings.ReplaceAll(name, `\`, "/")))
}

// maxFileName is how many bytes a file's name may have.
const maxFileName = 200
