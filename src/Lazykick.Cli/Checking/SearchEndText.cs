using Lazykick.Checking.Exploration;

namespace Lazykick.Cli.Checking;

/// <summary>Why a search ended, in a few words.</summary>
internal static class SearchEndText
{
    public static string Of(SearchEnd end) =>
        end switch
        {
            SearchEnd.StateLimit => "gave up at --max-states",
            SearchEnd.MemoryLimit => "gave up at --max-memory",
            SearchEnd.TimeLimit => "gave up at --timeout",
            SearchEnd.Cancelled => "interrupted",
            SearchEnd.Bitstate => "a few bits of each state (--bitstate)",
            _ => "",
        };
}
