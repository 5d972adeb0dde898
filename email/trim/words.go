package trim

import "strings"

// language says how mail programs announce the mail that was answered: how such a line begins, and the verb
// that is in it.
type language struct {
	starts []string
	verb   string
}

// opens reports whether a line begins as it does in the language. In some, it begins with the date.
func (l language) opens(s string) bool {
	for _, start := range l.starts {
		if start == "" && startsWithDigit(s) || start != "" && strings.HasPrefix(s, start) {
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
	{[]string{"пн", "вт", "ср", "чт", "пт", "сб", "вс", "Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс", ""}, "пишет"},
	{[]string{"пн", "вт", "ср", "чт", "пт", "сб", "вс", "Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс", ""}, "написал"},
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

// sentBy begin the lines that telephones and programs put below every mail.
var sentBy = []string{
	"Sent from my ", "Sent from Mail for", "Sent from Outlook", "Sent from Yahoo", "Sent from Proton", "Sent from Samsung", "Sent with Proton", "Sent via ", "Get Outlook for ", "Sent using ",
	"Gesendet mit ", "Gesendet von ", "Gesendet aus ", "Diese Nachricht wurde von meinem Android", "Outlook für ", "Holen Sie sich Outlook",
	"Envoyé de mon ", "Envoyé depuis ", "Envoyé à partir de ", "Obtenez Outlook", "Télécharger Outlook",
	"Enviado desde mi ", "Enviado desde ", "Enviado do meu ", "Enviado de mi ", "Obtener Outlook", "Obter o Outlook",
	"Inviato da ", "Inviato dal ", "Ottieni Outlook", "Verstuurd vanaf ", "Verzonden vanaf ", "Verzonden met ", "Outlook voor ",
	"Wysłane z ", "Wysłano z ", "Skickat från ", "Sendt fra ", "Lähetetty ", "Odesláno z ", "Отправлено с ", "Отправлено из ", "发自我的", "发自", "從我的", "나의 iPhone에서",
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
