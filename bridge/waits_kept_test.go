package bridge

// This file has what a ramStore has of names, tags and joined conversations.

func (s *ramStore) SaveRequestName(int64, string) error { return nil }

func (s *ramStore) SaveRequestIdentity(Request) error { return nil }

func (s *ramStore) Identified(string, int) ([]Conversation, error) { return nil, nil }

func (s *ramStore) Tags(int64) ([]string, error) { return nil, nil }

func (s *ramStore) MergedInto(number int64) ([]Conversation, error) {
	return s.list(len(s.chats), func(c Conversation) bool { return c.Into == number })
}
