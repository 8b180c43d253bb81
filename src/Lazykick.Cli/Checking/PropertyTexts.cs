using Lazykick.Checking.Exploration;

namespace Lazykick.Cli.Checking;

/// <summary>What properties and ends of searches mean, in a few words.</summary>
internal static class PropertyTexts
{
    public static string Of(string property) => property switch
    {
        "S1" => "ordinary text is new once the kick has returned",
        "S1.windows" => "so is text at every step of every path",
        "S5a" => "no IPI is sent to a CPU that was in the EQS all along",
        "S5b" => "no IPI arrives in the EQS",
        "S6" => "RCU is not used in the EQS",
        "S7" => "registers of the program survive until they are used",
        "S8" => "the kick returns",
        _ => "",
    };

    public static string Of(SearchEnd end) => end switch
    {
        SearchEnd.StateLimit => "gave up at --max-states",
        SearchEnd.MemoryLimit => "gave up at --max-memory",
        SearchEnd.TimeLimit => "gave up at --timeout",
        SearchEnd.Cancelled => "interrupted",
        _ => "",
    };
}
