"""A figure that is not reached is named; were it not, every run would pass."""

from quality.faults.run import complaints


def test_complaints_name_each_figure_that_is_not_reached():
    assert complaints(
        {
            "kill_workers": {"acknowledged_lost": ["Worker killed 1-1"], "statuses": {302: 5, 500: 1}},
            "database_away": {"during": {503: 4, 502: 1}, "longest_answer": 5.2},
        }
    ) == [
        "kill_workers: acknowledged_lost is ['Worker killed 1-1']",
        "kill_workers: somebody was answered 500",
        "database_away: longest_answer is 5.2 s",
        "database_away: somebody was answered 502",
    ]
