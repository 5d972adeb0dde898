package trim

import "strings"

// language says how mail programs announce the mail that was answered: how such a line begins, and the verb
// that is in it.
type language struct {
	starts []string
	verb   string
}

// opens reports whether a line begins as it does in the language. In some, it begins with the date. A start in
// small letters, as of a day of the week, is also that of other words: the line must have a date, too.
func (l language) opens(s string) bool {
	for _, start := range l.starts {
		if start == "" && startsWithDigit(s) {
			return true
		}
		if start != "" && strings.HasPrefix(s, start) && (strings.ToLower(start) != start || dated(s)) {
			return true
		}
	}
	return false
}

// languages are those of which porchlight knows how mail programs speak them.
var languages = []language{
	{[]string{"On ", "At ", ""}, "wrote"},
	{[]string{"Am ", "Den ", "Um ", ""}, "schrieb"},
	{[]string{"Am "}, "geschrieben"},
	{[]string{"Le ", "Du ", ""}, "a écrit"},
	{[]string{"El ", "En ", ""}, "escribió"},
	{[]string{"Em ", "A ", "No dia ", ""}, "escreveu"},
	{[]string{"Il ", "In data ", "Il giorno ", ""}, "ha scritto"},
	{[]string{"Op ", ""}, "schreef"},
	{[]string{"W dniu ", "Dnia ", "pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz.", ""}, "napisał"},
	{[]string{"W dniu ", "Dnia ", ""}, "pisze"},
	{[]string{"Den ", "På ", "Fra ", "Från ", "man", "tir", "ons", "tor", "fre", "lør", "lör", "søn", "sön", "tis", "mån", ""}, "skrev"},
	{[]string{"ma ", "ti ", "ke ", "to ", "pe ", "la ", "su ", ""}, "kirjoitti"},
	{[]string{"Dne ", "po ", "út ", "st ", "čt ", "pá ", "so ", "ne ", ""}, "napsal"},
	{[]string{"пн", "вт", "ср", "чт", "пт", "сб", "вс", "пон", "чет", "пят", "суб", "вос", "Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс", "Пон", "Чет", "Пят", "Суб", "Вос", ""}, "пишет"},
	{[]string{"пн", "вт", "ср", "чт", "пт", "сб", "вс", "пон", "чет", "пят", "суб", "вос", "Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс", "Пон", "Чет", "Пят", "Суб", "Вос", ""}, "написал"},
	{[]string{"пн", "вт", "ср", "чт", "пт", "сб", "нд", ""}, "пише"},
	{[]string{""}, "yazdı"},
	{[]string{"在", "于", "於", ""}, "写道"},
	{[]string{"在", "于", "於", ""}, "寫道"},
	{[]string{"On ", ""}, "書きました"},
	{[]string{""}, "のメール"},
	{[]string{""}, "작성"},
	{[]string{"Στις ", "Την ", ""}, "έγραψε"},
	{[]string{"În ", "Pe ", ""}, "a scris"},
	{[]string{""}, "írta"},
}

// originals stand between dashes above the mail that was answered.
var originals = []string{
	"original message", "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "message d'origine", "message d’origine", "message original",
	"mensaje original", "mensagem original", "messaggio originale", "oorspronkelijk bericht", "originele bericht", "oryginalna wiadomość",
	"ursprungligt meddelande", "oprindelig meddelelse", "opprinnelig melding", "alkuperäinen viesti", "původní zpráva", "původní e-mail",
	"исходное сообщение", "orijinal mesaj", "原始邮件", "原始郵件", "回复的原邮件", "元のメッセージ", "원본 메시지", "reply message", "original appointment",
}

// forwarded stand between dashes above a mail that was forwarded.
var forwarded = []string{
	"forwarded message", "weitergeleitete nachricht", "message transféré", "message réexpédié", "mensaje reenviado", "mensagem encaminhada",
	"messaggio inoltrato", "doorgestuurd bericht", "przekazana wiadomość", "wiadomość przekazana dalej", "vidarebefordrat meddelande", "videresendt meddelelse",
	"välitetty viesti", "přeposlaná zpráva", "пересылаемое сообщение", "пересланное сообщение", "yönlendirilmiş mesaj", "转发邮件信息", "転送メッセージ", "전달된 메시지",
}

// senders are the names of the field "From" in a header that a program has written into an answer.
var senders = set("from", "von", "de", "da", "van", "od", "från", "fra", "lähettäjä", "от", "от кого", "kimden", "gönderen", "发件人", "寄件者", "差出人", "보낸 사람", "expéditeur", "mittente", "remitente", "absender")

// fields are the names of the others in it.
var fields = set(
	"sent", "date", "to", "cc", "subject", "reply-to", "importance",
	"gesendet", "datum", "an", "betreff", "kopie", "gesendet am",
	"envoyé", "à", "objet", "date d'envoi", "copie à",
	"enviado", "enviado el", "fecha", "para", "asunto", "enviada em", "enviado em", "data", "assunto",
	"inviato", "a", "oggetto", "verzonden", "aan", "onderwerp",
	"wysłano", "wysłane", "do", "dw", "temat", "skickat", "till", "kopia", "ämne", "sendt", "til", "dato", "emne", "kopi",
	"lähetetty", "vastaanottaja", "aihe", "odesláno", "komu", "předmět", "отправлено", "дата", "кому", "тема",
	"gönderme", "gönderildi", "kime", "konu", "发送时间", "日期", "收件人", "抄送", "主题", "寄件日期", "主旨", "送信日時", "宛先", "件名", "보낸 날짜", "받는 사람", "제목",
)

// sentBy begin the lines that telephones and programs put below every mail, in small letters. Each names a
// device or a program: people write "Sent via DHL", too.
var sentBy = []string{
	"sent from my ", "sent from mail", "sent from [mail", "sent from windows", "sent from mobile", "sent from a phone", "sent from outlook", "sent from yahoo",
	"sent from proton", "sent from samsung", "sent from iphone", "sent from ipad", "sent with proton", "sent with airmail", "sent by galaxy", "sent via blackberry",
	"sent using the mobile", "from my iphone", "from my ipad", "from my android", "get outlook for ", "get [outlook",
	"gesendet mit der ", "gesendet mit outlook", "gesendet mit proton", "gesendet von mein", "gesendet von mail", "gesendet von outlook", "gesendet von yahoo", "gesendet aus der ",
	"diese nachricht wurde von meinem android", "outlook für ios beziehen", "outlook für android beziehen", "outlook für android herunterladen", "holen sie sich outlook",
	"envoyé de mon ", "envoyé depuis mon ", "envoyé depuis l'app", "envoyé depuis outlook", "envoyé depuis yahoo", "envoyé à partir de outlook", "obtenez outlook", "télécharger outlook",
	"enviado desde mi ", "enviado desde outlook", "enviado desde yahoo", "enviado do meu ", "enviado de mi ", "obtener outlook", "obter o outlook",
	"inviato da iphone", "inviato da ipad", "inviato da outlook", "inviato da posta", "inviato dal mio ", "inviato da yahoo", "ottieni outlook",
	"verstuurd vanaf mijn ", "verzonden vanaf mijn ", "verzonden met outlook", "outlook voor ios downloaden", "outlook voor android downloaden",
	"wysłane z iphone", "wysłane z mojego ", "wysłane z outlook", "wysłano z iphone", "wysłano z mojego ", "skickat från min", "sendt fra min", "lähetetty iphone", "lähetetty android",
	"odesláno z iphone", "odesláno z mobil", "отправлено с iphone", "отправлено с моего ", "отправлено с мобильного", "отправлено из мобильной", "отправлено из outlook",
	"发自我的", "從我的 iphone", "나의 iphone에서",
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
