"""What the search knows of junctions."""

from tandem.core.publication import Publication
from tandem.junctions.models import Junction
from tandem.kit import installation, search
from tandem.kit.search import SearchDocument


def index(junction: Junction) -> None:
    """Let the search know a junction as it is now; what is not public it forgets."""
    if junction.status != Publication.PUBLISHED:
        search.remove({junction.iri})
        return
    texts = {
        code: "\n".join(filter(None, (text, junction.places.get(code), junction.stories.get(code))))
        for code, text in junction.summaries.items()
    }
    search.put(
        [
            SearchDocument(
                uri=junction.iri,
                room="junctions",
                kind="junction",
                titles=junction.titles,
                texts=texts,
                path=f"junctions/{junction.slug}/",
                updated_at=junction.changed_at,
                city=installation.city().id,
            )
        ]
    )
