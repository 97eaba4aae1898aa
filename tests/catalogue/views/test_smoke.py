import json, pytest
from django.test import Client
from tandem.accounts.models import Person
from tandem.accounts.services import roles, tokens
from tandem.accounts.domain.roles import RoomRole
pytestmark = pytest.mark.django_db(transaction=True)
def test_it():
    p=Person.objects.create_user("a@b.example","x",name="Ada"); roles.grant(p, RoomRole.parse("catalogue:publisher"), actor=None)
    _t,secret=tokens.create_token(p,"t",actor=None)
    c=Client()
    def call(action, method="post", headers=None, **kw):
        h={"Authorization":secret} if headers is None else headers
        r=c.post(f"/api/3/action/{action}", json.dumps(kw), content_type="application/json", headers=h)
        print(action, r.status_code, r.content.decode()[:1500]); return r.json()
    call("status_show")
    r=call("package_create", name="baeume", title="Bäume", notes="Alle Bäume", license_id="cc-by", tags=[{"name":"Baum"}], groups=[{"name":"envi"}], extras=[{"key":"foo","value":"bar"}], resources=[{"url":"https://a.example/x.csv","name":"x","format":"CSV"}], custom={"a":1})
    assert r["success"]
    call("package_search", q="baum", **{"facet.field":["organization","tags","groups","license_id","res_format"]})
    for fq in ["organization:stadt-hamm","organization:hamm","extras_foo:bar","extras_foo:b*","license_id:cc-by","metadata_modified:[NOW-1DAY TO *]","-tags:Baum","tags:B?um","res_format:CSV AND groups:envi","title:bäume", "id:"+r["result"]["id"], "metadata_created:[2020-01-01T00:00:00Z TO 2021-01-01T00:00:00Z]","bogus:1","tags:*"]:
        x=c.get("/api/action/package_search",{"fq":fq,"sort":"id asc"}).json(); print(fq, x.get("result",{}).get("count"), x.get("error"))
    for s in ["name asc","title_string desc","metadata_created desc","score desc, metadata_modified desc","x"]:
        x=c.get("/api/action/package_search",{"sort":s}).json(); print(s, [d["name"] for d in x.get("result",{}).get("results",[])], x.get("error"))
    for n in ["organization_list","group_list","tag_list","license_list","package_list","current_package_list_with_resources"]:
        print(n, c.get(f"/api/3/action/{n}",{"all_fields":"true"}).content.decode()[:300])
    call("package_patch", id="baeume", title="Straßenbäume")
    call("package_create", name="leer", title="leer", notes="x", license_id="CC0-1.0")
    from io import BytesIO
    f=BytesIO("Bezirk;Höhe\nNord;3,5\nSüd;4,25\n".encode()); f.name="../../bäume.csv"
    r=c.post("/api/action/resource_create", {"package_id":"leer","name":"Tabelle","url":"upload","upload":f}, headers={"X-CKAN-API-Key":secret}); print(r.status_code, r.content.decode()[:1500])
    rid=r.json()["result"]["id"]
    print(c.get(r.json()["result"]["url"].replace("http://localhost:8000","")).getvalue() if r.status_code==200 else None)
    call("package_show", id="leer")
    print(c.get("/api/action/datastore_search",{"resource_id":rid,"q":"süd"}).json())
    call("datastore_search", resource_id=rid, filters={"bezirk":["Nord"]}, fields=["bezirk"])
    call("resource_delete", id=rid)
    call("package_delete", id="leer")
    call("package_show", id="leer", headers={})
    call("package_show", id="leer")
    call("package_create", name="x y")
    call("package_create", name="x-y", headers={})
    call("nonsense")
