package archive_test

import "testing"

// Search, erasure and retention are on PostgreSQL as they are on SQLite. What looks into SQLite's files is not repeated.
func TestOnPostgreSQL(t *testing.T) {
	for name, test := range map[string]func(*testing.T){
		"FindsWhatWasSaid": TestSearch_FindsWhatWasSaid, "ShowsThePlace": TestSearch_ShowsThePlace, "FollowsTheLog": TestSearch_FollowsTheLog,
		"OnlyWhatOneMayRead": TestSearch_OnlyWhatOneMayRead, "KnowsTheCircleOfTickets": TestSearch_KnowsTheCircleOfTickets,
		"FollowsADeletedDepartment": TestSearch_FollowsADeletedDepartment, "GoesOnWhereItEnded": TestSearch_GoesOnWhereItEnded,
		"ByTag": TestSearch_ByTag, "InARange": TestSearch_InARange, "InPages": TestSearch_InPages, "BesideAnotherProcess": TestSearch_BesideAnotherProcess,
		"FindsWhatReadingFinds": TestSearch_FindsWhatReadingFinds, "DeletedDepartments": TestSearch_DeletedDepartments, "ConsentIsNotFound": TestSearch_ConsentIsNotFound,
		"WhoHadItBeforeTheyWatched": TestSearch_WhoHadItBeforeTheyWatched, "ErasedMeanwhile": TestIndex_ErasedMeanwhile,
		"BesideInSmallSteps": TestErase_BesideInSmallSteps, "AnotherIsBegunAfterAFailure": TestErase_AnotherIsBegunAfterAFailure, "OpenIsRefused": TestErase_OpenIsRefused,
		"FindPerson": TestFindPerson, "LeavesMailThatIsNotSorted": TestErase_LeavesMailThatIsNotSorted, "BeginsAgainMeanwhile": TestErase_BeginsAgainMeanwhile,
		"WhoAskedIsGone": TestErase_WhoAskedIsGone, "VotesOfJunk": TestErase_VotesOfJunk, "ByDepartmentOnceADay": TestRetain_ByDepartmentOnceADay,
		"OneThatFailsKeepsNoOther": TestErase_OneThatFailsKeepsNoOther,
	} {
		t.Run(name, test)
	}
}
